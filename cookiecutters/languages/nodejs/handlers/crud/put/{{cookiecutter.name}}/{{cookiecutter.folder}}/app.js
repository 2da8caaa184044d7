import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb, tableName, validId } from "./items.js";
import { badRequest, problem, respond } from "./responses.js";

/** @import { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda" */
/** @import { PutCommandInput } from "@aws-sdk/lib-dynamodb" */

/**
 * What the table has of an item, and the API returns. The version counts how often it was put.
 *
 * @typedef {object} Item
 * @property {string} id
 * @property {string} name
 * @property {number} quantity
 * @property {number} version
 */

const maxInteger = 2 ** 31 - 1;
// The flag u makes characters of surrogate pairs, and leaves out half ones, which DynamoDB could not store.
const validName = /^\P{Surrogate}{1,100}$/u;

/**
 * Answers PUT /{{ cookiecutter.path }}: stores the item in the body under the id in the path. It replaces one only for
 * those who send the version that they have read, so that nobody overwrites what somebody else has written meanwhile; only
 * an item that was deleted and stored again may have that version again, since it begins at 1. The event is a request and
 * the result a response as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * @param {Pick<APIGatewayProxyEventV2, "pathParameters" | "body" | "isBase64Encoded">} event the part of it that this
 *   function reads
 * @returns {Promise<APIGatewayProxyStructuredResultV2>}
 */
export const lambdaHandler = async (event) => {
  const id = event.pathParameters?.id ?? "";
  if (!validId.test(id)) {
    return badRequest("id must have 1 to 100 letters, digits, hyphens or underscores");
  }
  const fields = parseObject(event);
  if (!fields) {
    return badRequest("the body must be a JSON object");
  }
  const { name, quantity, version } = fields;
  if (typeof name !== "string" || !validName.test(name)) {
    return badRequest("name must be a string of 1 to 100 characters");
  }
  if (!isInteger(quantity, 0)) {
    return badRequest(`quantity must be an integer from 0 to ${maxInteger}`);
  }
  if (version === undefined) {
    const item = { id, name, quantity, version: 1 };
    return (await createItem(item))
      ? respond(201, item)
      : problem(409, "Conflict", "there is an item with this id already; send its version to replace it");
  }
  if (!isInteger(version, 1)) {
    return badRequest(`version must be an integer from 1 to ${maxInteger}`);
  }
  const item = { id, name, quantity, version: version + 1 };
  return (await replaceItem(item, version))
    ? respond(200, item)
    : problem(409, "Conflict", "the item does not have this version any more");
};

/**
 * Returns the JSON object in a request's body, or undefined if there is none.
 *
 * @param {Pick<APIGatewayProxyEventV2, "body" | "isBase64Encoded">} event
 * @returns {Partial<Record<string, unknown>> | undefined}
 */
const parseObject = ({ body = "", isBase64Encoded }) => {
  try {
    const value = JSON.parse(isBase64Encoded ? decodeBase64(body) : body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Returns the text that is encoded as UTF-8 and Base64. Throws a TypeError if there is none, where Buffer alone would skip
 * what it cannot decode.
 *
 * @param {string} body
 */
const decodeBase64 = (body) => {
  const bytes = Buffer.from(body, "base64");
  if (bytes.toString("base64") !== body) {
    throw new TypeError("the body is not encoded in Base64");
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
};

/**
 * @param {unknown} value
 * @param {number} least
 * @returns {value is number}
 */
const isInteger = (value, least) =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= maxInteger;

/**
 * Stores an item and returns true, or false if there is one with its id.
 *
 * @param {Item} item
 */
const createItem = (item) => putItem({ Item: item, ConditionExpression: "attribute_not_exists(id)" });

/**
 * Stores an item in the place of that version of it and returns true, or false if it does not have that version.
 *
 * @param {Item} item
 * @param {number} version
 */
const replaceItem = (item, version) =>
  putItem({
    Item: item,
    ConditionExpression: "version = :version",
    ExpressionAttributeValues: { ":version": version },
  });

/**
 * Sends a PutItem and returns whether its condition was met. DynamoDB decides that, since another request may come between
 * reading and writing.
 *
 * @param {Omit<PutCommandInput, "TableName">} input
 */
const putItem = async (input) => {
  try {
    await dynamodb.send(new PutCommand({ TableName: tableName, ...input }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      // The item may be this very request's, if the SDK tried again after an answer that was lost.
      return false;
    }
    throw error;
  }
};
