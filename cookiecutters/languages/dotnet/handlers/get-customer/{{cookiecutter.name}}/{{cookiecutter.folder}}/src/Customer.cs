using Bogus;

namespace {{ cookiecutter.function_pascal }};

/// <summary>What the API returns about a customer.</summary>
public record Customer(Guid Id, string Name, string Email, string Phone, Address Address)
{
    /// <summary>Makes up the customer with that id: always the same one, since the id is the seed.</summary>
    public static Customer Make(Guid id)
    {
        var faker = new Faker { Random = new Randomizer(Seed(id)) };
        var (first, last) = (faker.Name.FirstName(), faker.Name.LastName());
        return new Customer(
            id,
            $"{first} {last}",
            // An address that nobody owns, as its domain is reserved for examples.
            faker.Internet.ExampleEmail(first, last),
            faker.Phone.PhoneNumber(),
            new Address(
                faker.Address.StreetAddress(),
                faker.Address.City(),
                faker.Address.ZipCode(),
                faker.Address.Country()));
    }

    // A seed has 32 bits, so the four parts of an id's 128 bits are combined: each bit matters.
    private static int Seed(Guid id)
    {
        var bytes = id.ToByteArray();
        var seed = 0;
        for (var start = 0; start < bytes.Length; start += sizeof(int))
        {
            seed ^= BitConverter.ToInt32(bytes, start);
        }

        return seed;
    }
}

/// <summary>Where a customer lives.</summary>
public record Address(string Street, string City, string Postcode, string Country);
