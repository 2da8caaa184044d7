package {{ cookiecutter.function_flat }};

{% if cookiecutter.java | int < 17 %}
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
{% endif %}
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import net.datafaker.Faker;

/** A customer, as this function returns it. */
{% if cookiecutter.java | int >= 17 %}
record Customer(String id, String name, String email, String phone, Address address) {

    /** Where a customer lives. */
    record Address(String street, String city, String postcode, String country) {}

{% else %}
@JsonPropertyOrder({"id", "name", "email", "phone", "address"})
final class Customer {

    public final String id;
    public final String name;
    public final String email;
    public final String phone;
    public final Address address;

    private Customer(String id, String name, String email, String phone, Address address) {
        this.id = id;
        this.name = name;
        this.email = email;
        this.phone = phone;
        this.address = address;
    }

    /** Where a customer lives. */
    @JsonPropertyOrder({"street", "city", "postcode", "country"})
    static final class Address {

        public final String street;
        public final String city;
        public final String postcode;
        public final String country;

        private Address(String street, String city, String postcode, String country) {
            this.street = street;
            this.city = city;
            this.postcode = postcode;
            this.country = country;
        }
    }

{% endif %}
    /** Makes up the customer with that id: always the same one, since the id is the seed. */
    static Customer of(UUID id) {
        Faker faker = new Faker(new Random(seed(id)));
        return new Customer(
                id.toString(),
                faker.name().fullName(),
                // An address that nobody owns, as its domain is reserved for examples.
                faker.internet().safeEmailAddress(),
                faker.phoneNumber().phoneNumber(),
                new Address(
                        faker.address().streetAddress(),
                        faker.address().city(),
                        faker.address().postcode(),
                        faker.address().country()));
    }

    /** Mixes the bits of an id: {@link Random} uses only 48 bits of its seed, and similar seeds start alike. */
    private static long seed(UUID id) {
        return new SplittableRandom(id.getMostSignificantBits() ^ id.getLeastSignificantBits()).nextLong();
    }
}
