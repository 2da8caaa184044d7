/** @import { EventBridgeEvent } from "aws-lambda" */

/**
 * The part of an event that this function reads.
 *
 * @typedef {Pick<EventBridgeEvent<"Order Placed", unknown>, "id" | "detail">} OrderPlaced
 */

/**
 * What an event asks for.
 *
 * @typedef {object} Order
 * @property {string} orderId
 * @property {number} quantity
 */

const maxQuantity = 2 ** 31 - 1;
// The flag u makes characters of surrogate pairs, and leaves out half ones, which have no UTF-8.
const validOrderId = /^\P{Surrogate}+$/u;

/**
 * Ships the order of an event. After an error, Lambda runs the event again, and in the end sends it to the failure queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 *
 * @param {OrderPlaced} event
 */
export const lambdaHandler = async (event) => {
  try {
    await processOrder(parseOrder(event.detail));
  } catch (error) {
    // Lambda logs the error as well, but not which event it was.
    console.error({ message: "event failed", event_id: event.id, error });
    throw error;
  }
};

/**
 * Returns the order in an event's detail.
 *
 * @param {any} detail
 * @returns {Order}
 */
const parseOrder = ({ orderId, quantity }) => {
  if (typeof orderId !== "string" || !validOrderId.test(orderId)) {
    throw new TypeError("orderId must be a string of one or more characters");
  }
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity) {
    throw new TypeError(`quantity must be an integer from 1 to ${maxQuantity}`);
  }
  return { orderId, quantity };
};

/**
 * Ships an order: your own work goes here.
 *
 * EventBridge delivers an event at least once, and Lambda runs a failed one again, so the same order may come twice: make
 * this idempotent, for example by recording the order's id with a conditional write before doing the work.
 *
 * @param {Order} order
 */
const processOrder = async ({ orderId, quantity }) => {
  console.info({ message: "order shipped", order_id: orderId, quantity });
};
