/** @import { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from "aws-lambda" */

/**
 * What a message asks for.
 *
 * @typedef {object} Order
 * @property {string} orderId
 * @property {number} quantity
 */

const maxQuantity = 2 ** 31 - 1;
// The flag u makes characters of surrogate pairs, and leaves out half ones, which have no UTF-8.
const validOrderId = /^\P{Surrogate}+$/u;

/**
 * Processes a batch of messages and returns which of them failed. SQS delivers these again, and Lambda deletes the
 * others from the queue: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @param {SQSEvent} event
 * @returns {Promise<SQSBatchResponse>}
 */
export const lambdaHandler = async (event) => {
  /** @type {SQSBatchItemFailure[]} */
  const batchItemFailures = [];
  for (const { messageId, body } of event.Records) {
    try {
      await processOrder(parseOrder(body));
    } catch (error) {
      // Whatever is wrong with one message, the others of the batch are processed.
      console.error({ message: "message failed", message_id: messageId, error });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};

/**
 * Returns the order in a message's body.
 *
 * @param {string} body
 * @returns {Order}
 */
const parseOrder = (body) => {
  const { orderId, quantity } = JSON.parse(body, refuseFractions);
  if (typeof orderId !== "string" || !validOrderId.test(orderId)) {
    throw new TypeError("orderId must be a string of one or more characters");
  }
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity) {
    throw new TypeError(`quantity must be an integer from 1 to ${maxQuantity}`);
  }
  return { orderId, quantity };
};

/**
 * Makes NaN of a number with a fraction or an exponent, such as 2.0, which JSON.parse would turn into the integer 2.
{% if cookiecutter.runtime_version | int < 22 %}
 * Needs Node.js 22 or later, since an earlier one does not pass the context: there, 2.0 is still a 2.
{% endif %}
 *
 * @param {string} _key
 * @param {unknown} value
 * @param {{ "{{" }} source?: string }} [context]
 */
const refuseFractions = (_key, value, context) =>
  typeof value === "number" && /[.e]/i.test(context?.source ?? "") ? Number.NaN : value;

/**
 * Does what an order asks for: your own work goes here.
 *
 * SQS delivers a message at least once, so the same order may come twice: make this idempotent, for example by
 * recording the order's id with a conditional write before doing the work.
 *
 * @param {Order} order
 */
const processOrder = async ({ orderId, quantity }) => {
  console.info({ message: "order processed", order_id: orderId, quantity });
};
