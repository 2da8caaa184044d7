package {{ cookiecutter.function_flat }};

{% if cookiecutter.java | int < 17 %}
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
{% endif %}
import net.datafaker.Faker;

/** What this function tells of a customer. */
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
    /** Makes a customer up; the seed of the faker decides all of it. */
    static Customer make(Faker faker) {
        return new Customer(
                faker.internet().uuid(),
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
}
