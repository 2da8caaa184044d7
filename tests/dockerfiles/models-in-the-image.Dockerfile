FROM public.ecr.aws/lambda/python:3.12 AS base
ENV HF_HOME=/opt/models \
    PYTHONDONTWRITEBYTECODE=1 \
    PATH=/opt/venv/bin:$PATH

FROM base AS models
RUN dnf install -y tar gzip && dnf clean all \
 && python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir transformers \
 && python -c 'print("a; b && c")' > /dev/null

FROM base
COPY --from=models /opt /opt
COPY app.py ${LAMBDA_TASK_ROOT}/
RUN chmod -R o+rX /opt/models && \
    find /var/task -type d -exec chmod 755 {} +
CMD ["app.handler"]
