import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

const { TABLE_NAME } = process.env;
if (!TABLE_NAME) {
  throw new Error("the environment variable TABLE_NAME must be the name of the table");
}
export const tableName = TABLE_NAME;

// Created once for each execution environment. All attempts of a request that hangs fit into the function's 10 seconds;
// without throwOnRequestTimeout, the SDK would warn and go on waiting.
export const dynamodb = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  }),
);

export const validId = /^[A-Za-z0-9_-]{1,100}$/;
