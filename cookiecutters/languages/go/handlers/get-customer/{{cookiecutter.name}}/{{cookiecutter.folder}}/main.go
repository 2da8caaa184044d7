// Command {{ cookiecutter.function }} answers GET /{{ cookiecutter.path }}.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
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

// makeCustomer makes a customer up; the seed of the faker decides all of it.
func makeCustomer(faker *gofakeit.Faker) customer {
	return customer{
		ID:   faker.UUID(),
		Name: faker.Name(),
		// An address that nobody owns, as its domain is reserved for examples.
		Email: faker.Username() + "@example.com",
		Phone: faker.PhoneFormatted(),
		Address: address{
			Street:   faker.Street(),
			City:     faker.City(),
			Postcode: faker.Zip(),
			Country:  faker.Country(),
		},
	}
}

type handler struct {
	faker *gofakeit.Faker
}

// handle answers with a customer that was never seen before. Its event and its response are those of Amazon API Gateway:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func (h handler) handle(_ context.Context, _ events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	body, err := json.Marshal(makeCustomer(h.faker))
	if err != nil {
		return events.APIGatewayProxyResponse{}, fmt.Errorf("write the body: %w", err)
	}
	return events.APIGatewayProxyResponse{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       string(body),
	}, nil
}

func main() {
	// 0 stands for a seed by chance.
	lambda.Start(handler{faker: gofakeit.New(0)}.handle)
}
