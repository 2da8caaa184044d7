using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using {{ cookiecutter.function_pascal }};

// Takes one event after the other from Lambda and gives it to the function. AWS's own image does this by itself.
var handler = new Function().FunctionHandler;
await LambdaBootstrapBuilder.Create(handler, new DefaultLambdaJsonSerializer()).Build().RunAsync();
