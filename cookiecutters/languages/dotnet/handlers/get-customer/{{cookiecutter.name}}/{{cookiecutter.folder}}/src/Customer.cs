using Bogus;

namespace {{ cookiecutter.function_pascal }};

/// <summary>What this function tells of a customer.</summary>
public record Customer(Guid Id, string Name, string Email, string Phone, Address Address)
{
    /// <summary>Makes a customer up; the seed of the faker decides all of it.</summary>
    public static Customer Make(Faker faker)
    {
        var (first, last) = (faker.Name.FirstName(), faker.Name.LastName());
        return new Customer(
            RandomId(faker),
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

    // Those of Bogus leave out which version and variant of a UUID they are: https://www.rfc-editor.org/rfc/rfc9562#section-5.4
    private static Guid RandomId(Faker faker)
    {
        var bytes = faker.Random.Bytes(16);
        // A Guid has the bytes of its third part the other way round.
        bytes[7] = (byte)((bytes[7] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes);
    }
}

/// <summary>Where a customer lives.</summary>
public record Address(string Street, string City, string Postcode, string Country);
