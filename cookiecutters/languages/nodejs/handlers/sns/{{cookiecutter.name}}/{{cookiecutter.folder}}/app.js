/** @import { SNSMessage } from "aws-lambda" */

/**
 * The part of an event that this function reads.
 *
 * @typedef {object} Notification
 * @property {{ "{{" }} Sns: Pick<SNSMessage, "MessageId" | "Message"> }[]} Records
 */

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
 * Notifies the warehouse of the orders that are published to a topic; SNS usually sends one in an event. After an error,
 * Lambda runs the event again, and in the end sends it to the failure queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 *
 * @param {Notification} event
 */
export const lambdaHandler = async (event) => {
  for (const { Sns } of event.Records) {
    try {
      await processOrder(parseOrder(Sns.Message));
    } catch (error) {
      // Lambda logs the error as well, but not which message it was.
      console.error({ message: "message failed", message_id: Sns.MessageId, error });
      throw error;
    }
  }
};

/**
 * Returns the order in a message's text.
 *
 * @param {string} text
 * @returns {Order}
 */
const parseOrder = (text) => {
  const { orderId, quantity } = JSON.parse(text);
  if (typeof orderId !== "string" || !validOrderId.test(orderId)) {
    throw new TypeError("orderId must be a string of one or more characters");
  }
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity) {
    throw new TypeError(`quantity must be an integer from 1 to ${maxQuantity}`);
  }
  return { orderId, quantity };
};

/**
 * Notifies the warehouse of an order: your own work goes here.
 *
 * SNS delivers a message at least once, and Lambda runs a failed event again, so the same order may come twice: make this
 * idempotent, for example by recording the order's id with a conditional write before doing the work.
 *
 * @param {Order} order
 */
const processOrder = async ({ orderId, quantity }) => {
  console.info({ message: "warehouse notified", order_id: orderId, quantity });
};
