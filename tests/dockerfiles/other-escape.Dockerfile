# syntax=docker/dockerfile:1
# escape=`

FROM public.ecr.aws/lambda/nodejs:22
COPY app.mjs package*.json `
     ${LAMBDA_TASK_ROOT}/
RUN npm ci `
    # what tests need stays out
    --omit=dev && npm cache clean --force
CMD ["app.handler"]
