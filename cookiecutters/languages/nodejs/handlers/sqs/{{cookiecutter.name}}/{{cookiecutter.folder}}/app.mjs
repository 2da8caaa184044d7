/**
 * Processes a batch of messages, and names those that failed: Amazon SQS hands out only these again,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @param {import("aws-lambda").SQSEvent} event
 * @returns {Promise<import("aws-lambda").SQSBatchResponse>}
 */
export const lambdaHandler = async (event) => {
  const batchItemFailures = [];
  for (const { messageId, body } of event.Records) {
    try {
      await processOrder(parseOrder(body));
    } catch (error) {
      // Whatever is wrong with one message, the others of the batch get their turn.
      console.error(`message ${messageId} failed:`, error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};

/**
 * What a message asks for.
 *
 * @typedef {object} Order
 * @property {string} orderId
 * @property {number} quantity
 */

/**
 * @param {string} body
 * @returns {Order}
 */
const parseOrder = (body) => {
  const { orderId, quantity } = JSON.parse(body);
  if (typeof orderId !== "string" || orderId === "") {
    throw new TypeError("orderId must be a string that is not empty");
  }
  if (!Number.isInteger(quantity) || quantity < 1) {
    throw new TypeError("quantity must be a whole number from 1 up");
  }
  return { orderId, quantity };
};

/**
 * Your own work goes here. A message may come twice, so doing it twice must be safe.
 *
 * @param {Order} order
 */
const processOrder = async ({ orderId, quantity }) => {
  console.info(`order ${orderId}: ${quantity}`);
};
