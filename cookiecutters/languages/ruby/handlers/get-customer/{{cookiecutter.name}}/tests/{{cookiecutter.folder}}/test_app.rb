# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")
  ID = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11"
  VERSION_4 = /\A\h{8}-\h{4}-4\h{3}-[89ab]\h{3}-\h{12}\z/

  def test_sample_event
    event = JSON.parse(File.read(EVENT))

    assert_equal event["pathParameters"]["id"], customer_in(invoke(event))["id"]
  end

  def test_returns_all_of_a_customer
    customer = customer_in(get(ID))
    address = customer["address"]

    assert_equal %w[id name email phone address], customer.keys
    assert_equal %w[street city postcode country], address.keys
    assert_match(/\A[^@\s]+@example\.com\z/, customer["email"])
    [customer["name"], customer["phone"], *address.values].each { |text| assert_match(/\S/, text) }
  end

  def test_same_id_same_customer
    assert_equal get(ID), get(ID)
  end

  def test_upper_case_id_same_customer
    assert_equal get(ID), get(ID.upcase)
  end

  # They differ in their first and in their last bit.
  %w[bf0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11 3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a10].each do |other|
    define_method("test_other_id_other_customer_#{other}") do
      refute_equal customer_in(get(ID))["name"], customer_in(get(other))["name"]
    end
  end

  [{}, { "pathParameters" => nil }, { "pathParameters" => {} }].each do |event|
    define_method("test_no_id_new_customer_#{event}") do
      first = customer_in(invoke(event))
      second = customer_in(invoke(event))

      refute_equal first["id"], second["id"]
      assert_match VERSION_4, first["id"]
      assert_equal first, customer_in(get(first["id"]))
    end
  end

  [
    "",
    "42",
    ID.delete("-"),
    {{ '"{#{ID}}"' }},
    "urn:uuid:#{ID}",
    "#{ID}0",
    "0#{ID}",
    "#{ID}\n",
    "\n#{ID}",
    ID.sub("3f0d", "3g0d"),
    ID.tr("3", "\u0663")
  ].each do |malformed|
    define_method("test_malformed_id_#{malformed.inspect}") do
      assert_equal(
        {
          statusCode: 400,
          headers: { "Content-Type" => "application/problem+json" },
          body: '{"title":"Bad Request","status":400,"detail":"id must be a UUID"}'
        },
        get(malformed)
      )
    end
  end

  private

  def invoke(event)
    lambda_handler(event:, context: nil)
  end

  def get(id)
    invoke({ "pathParameters" => { "id" => id } })
  end

  def customer_in(response)
    assert_equal 200, response[:statusCode]
    assert_equal({ "Content-Type" => "application/json" }, response[:headers])
    JSON.parse(response[:body])
  end
end
