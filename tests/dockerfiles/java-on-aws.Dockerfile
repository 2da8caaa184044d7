FROM maven:3.9-amazoncorretto-21 AS build
WORKDIR /usr/src/app
COPY pom.xml .
RUN mvn -B dependency:copy-dependencies -DincludeScope=runtime
COPY src ./src
RUN mvn -B compile

FROM public.ecr.aws/lambda/java:21
COPY --from=build /usr/src/app/target/classes ${LAMBDA_TASK_ROOT}
COPY --from=build /usr/src/app/target/dependency/* ${LAMBDA_TASK_ROOT}/lib/
CMD [ "com.example.myapp.App::handleRequest" ]
