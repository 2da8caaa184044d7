import type { SNSMessage } from "aws-lambda";

/** The part of an event that this function reads. */
interface Notification {
  readonly Records: readonly { readonly Sns: Pick<SNSMessage, "MessageId" | "Message"> }[];
}

/** What a message asks for. */
interface Order {
  readonly orderId: string;
  readonly quantity: number;
}

const maxQuantity = 2 ** 31 - 1;
// The flag u makes characters of surrogate pairs, and leaves out half ones, which have no UTF-8.
const validOrderId = /^\P{Surrogate}+$/u;

/**
 * Notifies the warehouse of the orders that are published to a topic; SNS usually sends one in an event. After an error,
 * Lambda runs the event again, and in the end sends it to the failure queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const lambdaHandler = async (event: Notification): Promise<void> => {
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

/** Returns the order in a message's text. */
const parseOrder = (text: string): Order => {
  const { orderId, quantity }: Partial<Record<keyof Order, unknown>> = JSON.parse(text);
  if (typeof orderId !== "string" || !validOrderId.test(orderId)) {
    throw new TypeError("orderId must be a string of one or more characters");
  }
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity) {
    throw new TypeError(`quantity must be an integer from 1 to ${maxQuantity}`);
  }
  return { orderId, quantity };
};

/**
 * Notifies the warehouse of an order: your own work goes here.
 *
 * SNS delivers a message at least once, and Lambda runs a failed event again, so the same order may come twice: make this
 * idempotent, for example by recording the order's id with a conditional write before doing the work.
 */
const processOrder = async ({ orderId, quantity }: Order): Promise<void> => {
  console.info({ message: "warehouse notified", order_id: orderId, quantity });
};
