# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "../../{{ cookiecutter.folder }}/app"

class AppTest < Minitest::Test
  EVENT = File.expand_path("../../events/{{ cookiecutter.folder }}/event.json", __dir__)
  UUID = /\A[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z/

  def test_a_seed_decides_the_answer
    expected = seeded { customer }

    assert_equal(
      {
        statusCode: 200,
        headers: { "Content-Type" => "application/json" },
        body: JSON.generate(expected)
      },
      seeded { invoke }
    )
  end

  def test_each_answer_is_another_customer
    one, other = seeded { [invoke, invoke] }

    refute_equal one, other
  end

  def test_a_customer_is_complete
    customer = JSON.parse(seeded { invoke }[:body])
    texts = customer.values_at("id", "name", "email", "phone") + customer["address"].values

    assert_equal %w[id name email phone address], customer.keys
    assert_equal %w[street city postcode country], customer["address"].keys
    texts.each { |text| assert_match(/\S/, text) }
    assert_match UUID, customer["id"]
    assert_includes customer["email"], "@"
  end

  private

  def invoke
    lambda_handler(event: JSON.parse(File.read(EVENT)), context: nil)
  end

  def seeded
    Faker::Config.random = Random.new(7)
    yield
  ensure
    Faker::Config.random = nil
  end
end
