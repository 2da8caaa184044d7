FROM public.ecr.aws/lambda/dotnet:8 AS base

FROM mcr.microsoft.com/dotnet/sdk:8.0-bookworm-slim AS build
WORKDIR /src
COPY ["Shop.csproj", "Shop/"]
RUN dotnet restore "Shop/Shop.csproj"
WORKDIR "/src/Shop"
COPY . .
RUN dotnet build "Shop.csproj" --configuration Release --output /app/build

FROM build AS publish
RUN dotnet publish "Shop.csproj" \
            --configuration Release \
            --runtime linux-x64 \
            --output /app/publish

FROM base AS final
WORKDIR /var/task
COPY --from=publish /app/publish .
CMD ["Shop::Shop.Function::FunctionHandler"]
