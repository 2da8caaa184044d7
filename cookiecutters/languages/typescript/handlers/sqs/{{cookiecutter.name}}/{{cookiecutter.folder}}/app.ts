import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from "aws-lambda";

/** What a message asks for. */
interface Order {
  readonly orderId: string;
  readonly quantity: number;
}

/**
 * Processes a batch of messages, and names those that failed: Amazon SQS hands out only these again,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const lambdaHandler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const batchItemFailures: SQSBatchItemFailure[] = [];
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

const parseOrder = (body: string): Order => {
  const { orderId, quantity }: Partial<Record<keyof Order, unknown>> = JSON.parse(body);
  if (typeof orderId !== "string" || orderId === "") {
    throw new TypeError("orderId must be a string that is not empty");
  }
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 1) {
    throw new TypeError("quantity must be a whole number from 1 up");
  }
  return { orderId, quantity };
};

/** Your own work goes here. A message may come twice, so doing it twice must be safe. */
const processOrder = async ({ orderId, quantity }: Order): Promise<void> => {
  console.info(`order ${orderId}: ${quantity}`);
};
