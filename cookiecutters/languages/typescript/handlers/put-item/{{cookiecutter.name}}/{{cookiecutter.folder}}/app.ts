import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

/** What the table has of an item, and the API returns. */
interface Item {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
}

/** The part of a request that this function reads. */
type ItemRequest = Pick<APIGatewayProxyEvent, "pathParameters" | "body">;

const tableName = process.env.TABLE_NAME;
if (!tableName) {
  throw new Error("the environment variable TABLE_NAME must be the name of the table");
}

// Created once for each execution environment. All attempts of a request that hangs fit into the function's 10 seconds;
// without throwOnRequestTimeout, the SDK would warn and go on waiting.
const dynamodb = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  }),
);

const maxBodyBytes = 1024;
const maxQuantity = 2 ** 31 - 1;

const validId = /^[A-Za-z0-9_-]{1,100}$/;
// The flag u makes characters of surrogate pairs, and leaves out half ones, which DynamoDB could not store.
const validName = /^\P{Surrogate}{1,100}$/u;

/**
 * Answers PUT /{{ cookiecutter.path }}: stores the item in the body under the id in the path, unless there is one.
 * The event is a request and the result a response as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const lambdaHandler = async (event: ItemRequest): Promise<APIGatewayProxyResult> => {
  const id = event.pathParameters?.id ?? "";
  if (!validId.test(id)) {
    return badRequest("id must have 1 to 100 letters, digits, hyphens or underscores");
  }
  const body = event.body ?? "";
  if (Buffer.byteLength(body) > maxBodyBytes) {
    return problem(413, "Content Too Large", `the body must not have more than ${maxBodyBytes} bytes`);
  }
  const fields = parseObject(body);
  if (!fields) {
    return badRequest("the body must be a JSON object");
  }
  const { name, quantity } = fields;
  if (typeof name !== "string" || !validName.test(name)) {
    return badRequest("name must be a string of 1 to 100 characters");
  }
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 0 || quantity > maxQuantity) {
    return badRequest(`quantity must be an integer from 0 to ${maxQuantity}`);
  }
  const item = { id, name, quantity };
  return (await createItem(item))
    ? respond(201, item)
    : problem(409, "Conflict", "there is an item with this id already");
};

/** Returns the JSON object in a text, or undefined if there is none. */
const parseObject = (text: string): Partial<Record<keyof Item, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Stores an item and returns true, or false if there is one with its id. */
const createItem = async (item: Item): Promise<boolean> => {
  try {
    // DynamoDB decides, since another request may come between reading and writing.
    await dynamodb.send(
      new PutCommand({ TableName: tableName, Item: item, ConditionExpression: "attribute_not_exists(id)" }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      // The item may be this very request's, if the SDK tried again after an answer that was lost.
      return false;
    }
    throw error;
  }
};

const badRequest = (detail: string): APIGatewayProxyResult => problem(400, "Bad Request", detail);

/** Describes what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457 */
const problem = (status: number, title: string, detail: string): APIGatewayProxyResult =>
  respond(status, { title, status, detail }, "application/problem+json");

const respond = (statusCode: number, body: object, contentType = "application/json"): APIGatewayProxyResult => ({
  statusCode,
  headers: { "Content-Type": contentType },
  body: JSON.stringify(body),
});
