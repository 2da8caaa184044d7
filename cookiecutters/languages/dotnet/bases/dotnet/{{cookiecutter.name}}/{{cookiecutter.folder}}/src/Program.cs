using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using {{ cookiecutter.function_pascal }};

// Gets events from Lambda and calls the function with them. In AWS's own image, the runtime does this.
var handler = new Function().FunctionHandler;
await LambdaBootstrapBuilder.Create(handler, new SourceGeneratorLambdaJsonSerializer<FunctionJsonContext>()).Build().RunAsync();
