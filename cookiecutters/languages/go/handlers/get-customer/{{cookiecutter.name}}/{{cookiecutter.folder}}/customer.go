package main

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
)

// customer is what this function tells of a customer.
type customer struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Email   string  `json:"email"`
	Phone   string  `json:"phone"`
	Address address `json:"address"`
}

// address is where a customer lives.
type address struct {
	Street   string `json:"street"`
	City     string `json:"city"`
	Postcode string `json:"postcode"`
	Country  string `json:"country"`
}

// uuid is an identifier such as 3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11, of any version.
type uuid [16]byte

var uuidText = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// notInEmail matches what the names of customers have, but their e-mail addresses should not: spaces and apostrophes.
var notInEmail = regexp.MustCompile(`[^a-z0-9.]`)

// parseUUID returns the identifier that text stands for, and whether it stands for one.
func parseUUID(text string) (id uuid, ok bool) {
	if !uuidText.MatchString(text) {
		return uuid{}, false
	}
	_, err := hex.Decode(id[:], []byte(strings.ReplaceAll(text, "-", "")))
	return id, err == nil
}

func (id uuid) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// makeCustomer makes a customer up. All of it comes from the id, so the same id gives the same customer.
func makeCustomer(id uuid) customer {
	seed := rand.NewPCG(binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:]))
	faker := gofakeit.NewFaker(seed, false)
	first, last := faker.FirstName(), faker.LastName()
	return customer{
		ID:   id.String(),
		Name: first + " " + last,
		// An address that nobody owns, as its domain is reserved for examples.
		Email: notInEmail.ReplaceAllString(strings.ToLower(first+"."+last), "") + "@example.com",
		Phone: faker.PhoneFormatted(),
		Address: address{
			Street:   faker.Street(),
			City:     faker.City(),
			Postcode: faker.Zip(),
			Country:  faker.Country(),
		},
	}
}
