FROM public.ecr.aws/lambda/provided:al2023@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
COPY bootstrap /var/runtime/
COPY function.sh ${LAMBDA_TASK_ROOT}
RUN chmod 755 /var/runtime/bootstrap
CMD [ "function.handler" ]
