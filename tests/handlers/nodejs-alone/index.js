const { greet } = require("./greet");

exports.handler = async (event, context) => {
  if (event.bucket) {
    const { S3Client, HeadBucketCommand } = require("@aws-sdk/client-s3");
    await new S3Client({}).send(new HeadBucketCommand({ Bucket: event.bucket }));
  }
  return { message: greet(event.name) };
};
