#:sdk Microsoft.NET.Sdk.Web
#:project ../../src/Core.CSharp/CausalDebias.Core.csproj
#:property TargetFramework=net10.0
#:property PublishAot=false
// A wrapped model behind HTTP, for one patient at a time.
//
//     dotnet run examples/serve/Serve.cs -- train model.bin     a toy model, as any program of yours would leave one
//     dotnet run examples/serve/Serve.cs -- serve model.bin     answers on http://127.0.0.1:5080
//     dotnet run examples/serve/Serve.cs -- try                 both, with good, bad and many requests
//
//     curl http://127.0.0.1:5080/health
//     curl http://127.0.0.1:5080/predict -H 'content-type: application/json' -d '{"vitals": [1, null, 3, 4], "labs": null}'
//
// A modality that was not taken is null or left out, a value that is missing inside one null. What is asked for and answered is never logged: requests hold patients' values.
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using CausalDebiasing;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Debiasing;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using CausalDebiasing.Training;

const string Address = "http://127.0.0.1:5080";

switch (args)
{
    case ["train", var file]:
        Wards.Train(file);
        return 0;
    case ["serve", var file]:
        using (var model = Wards.Load(file))
            Service.Build(model, Address).Run();
        return 0;
    case ["try"]:
        return await Trial.Run();
    default:
        Console.Error.WriteLine("usage: Serve.cs -- train FILE | serve FILE | try");
        return 2;
}

/// <summary>The endpoints.</summary>
internal static class Service
{
    private const int LargestRequest = 64 * 1024;

    internal static WebApplication Build(DebiasedPredictor model, string address)
    {
        if (model.Deployment is not { } decision)
            throw new InputException(
                "The model has not been deployed: call DeployTo(reference) before it is saved, so that a patient gets the same alone and among others."
            );
        var builder = WebApplication.CreateSlimBuilder();
        builder
            .WebHost.UseUrls(address)
            .ConfigureKestrel(server => server.Limits.MaxRequestBodySize = LargestRequest);
        builder.Logging.ClearProviders();
        builder.Services.AddProblemDetails();
        var app = builder.Build();
        app.UseStatusCodePages();
        app.MapGet(
            "/health",
            () => new Health("ok", model.Name, decision.Pattern.ToString(), decision.Reason)
        );
        app.MapPost("/predict", (Dictionary<string, float?[]?> patient) => Answer(model, patient));
        return app;
    }

    private static float[]? Numbers(float?[]? values) =>
        values is null ? null : [.. values.Select(value => value ?? float.NaN)];

    private static IResult Answer(DebiasedPredictor model, Dictionary<string, float?[]?> patient)
    {
        try
        {
            if (
                patient.Values.Any(values =>
                    values?.Any(value => value is { } own && float.IsInfinity(own)) ?? false
                )
            )
                throw new InputException("A value is out of range; give numbers that a 32-bit float holds.");
            var cohort = new CohortBuilder(Wards.Schema)
                .Add([.. patient.Select(given => (given.Key, Numbers(given.Value)))])
                .Build();
            var predicted = model.Predict(cohort);
            return Results.Ok(
                new Answer(predicted.Probabilities[0], predicted.Pattern.ToString(), predicted.Reason)
            );
        }
        catch (InputException mistake)
        {
            // Its text names modalities and counts, never a value.
            return Results.Problem(mistake.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }
}

internal sealed record Health(string Status, string Model, string Pattern, string Reason);

internal sealed record Answer(float Probability, string Pattern, string Reason);

/// <summary>What the model reads, and a toy cohort to train it on.</summary>
internal static class Wards
{
    internal static readonly Modality[] Schema = [Modality.Tabular("vitals", 4), Modality.Tabular("labs", 8)];

    private static NeuralPredictor Plain() => new("ward-net", context => new WardNet(context));

    internal static void Train(string file)
    {
        var split = PatientSplit.Random(Draw(rows: 2000), validationShare: 0.2, testShare: 0.2, new Seed(1));
        using var model = CausalDebias.Wrap(Plain());
        model.Fit(split.Train, split.Validation, new FitContext { Seed = new Seed(1) });
        Console.WriteLine(model.DeployTo(split.Test.WithoutOutcomes()).Reason);
        Checkpoint.Save(file, model);
    }

    internal static DebiasedPredictor Load(string file) =>
        Checkpoint.Load(file, Plain()) as DebiasedPredictor
        ?? throw new InputException(
            $"'{file}' holds a model without the add-on; wrap it before it is trained."
        );

    /// <summary>Patients whose values shift with the outcome; laboratory values are taken more often of the sick.</summary>
    private static Cohort Draw(int rows)
    {
        var random = new Random(7);
        var builder = new CohortBuilder(Schema);
        for (var row = 0; row < rows; row++)
        {
            var outcome = random.Next(2);
            float[] Values(int count) =>
                [.. Enumerable.Range(0, count).Select(_ => outcome + 4 * random.NextSingle())];
            var isTaken = random.NextDouble() < 0.4 + 0.4 * outcome;
            builder.Add(
                row,
                row % 3 == 0 ? "north" : "south",
                outcome,
                ("vitals", Values(4)),
                ("labs", isTaken ? Values(8) : null)
            );
        }
        return builder.Build();
    }

    private sealed class WardNet : Backbone
    {
        private readonly EncoderBank encoders;

        public WardNet(BackboneContext context)
            : base(nameof(WardNet))
        {
            encoders = new(context.Modalities, width: 16, context.Random);
            RegisterComponents();
        }

        public override int Width => 16;

        public override Representation Represent(Batch batch) => new(encoders.Encode(batch).mean([1L]));
    }
}

/// <summary>Starts the service on a free port and asks it what users, mistakes and a busy ward would.</summary>
internal static class Trial
{
    private const int Requests = 2000,
        AtATime = 8;

    internal static async Task<int> Run()
    {
        var file = Path.GetTempFileName();
        try
        {
            Wards.Train(file);
            using var model = Wards.Load(file);
            await using var app = Service.Build(model, "http://127.0.0.1:0");
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            var isRight = await Asks(client, model);
            await Load(client);
            return isRight ? 0 : 1;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<bool> Asks(HttpClient client, DebiasedPredictor model)
    {
        (string What, string Body, HttpStatusCode Expected)[] cases =
        [
            ("vitals alone", """{"vitals": [1, 2, 3, 4]}""", HttpStatusCode.OK),
            ("no laboratory values", """{"vitals": [1, 2, 3, 4], "labs": null}""", HttpStatusCode.OK),
            ("a value that is missing", """{"vitals": [1, null, 3, 4]}""", HttpStatusCode.OK),
            ("three of four vitals", """{"vitals": [1, 2, 3]}""", HttpStatusCode.BadRequest),
            ("an unknown modality", """{"vitals": [1, 2, 3, 4], "image": [0]}""", HttpStatusCode.BadRequest),
            ("nothing measured", """{"vitals": null}""", HttpStatusCode.BadRequest),
            ("a number that is none", """{"vitals": [1, 2, 3, 1e99]}""", HttpStatusCode.BadRequest),
            ("no JSON", "vitals=1", HttpStatusCode.BadRequest),
        ];
        var health = await client.GetFromJsonAsync<Health>("/health");
        Console.WriteLine($"health: {health}");
        var failures = 0;
        foreach (var (what, body, expected) in cases)
        {
            using var answer = await Post(client, body);
            Console.WriteLine($"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            failures += answer.StatusCode == expected ? 0 : 1;
        }
        using var served = await Post(client, cases[0].Body);
        var probability = (await served.Content.ReadFromJsonAsync<Answer>())!.Probability;
        var direct = model.PredictProbability(
            new CohortBuilder(Wards.Schema).Add(("vitals", [1, 2, 3, 4])).Build()
        )[0];
        Console.WriteLine($"served {probability:f6}, predicted directly {direct:f6}");
        return failures == 0 && probability == direct;
    }

    private static async Task Load(HttpClient client)
    {
        var milliseconds = new double[Requests];
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Requests),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime },
            async (request, _) =>
            {
                var start = clock.Elapsed;
                using var answer = await Post(
                    client,
                    """{"vitals": [1, 2, 3, 4], "labs": [1, 2, 3, 4, 5, 6, 7, 8]}"""
                );
                answer.EnsureSuccessStatusCode();
                milliseconds[request] = (clock.Elapsed - start).TotalMilliseconds;
            }
        );
        Array.Sort(milliseconds);
        Console.WriteLine(
            $"{Requests} requests, {AtATime} at a time: {Requests / clock.Elapsed.TotalSeconds:f0} a second, median {milliseconds[Requests / 2]:f1} ms, 99 % within {milliseconds[Requests * 99 / 100]:f1} ms"
        );
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, string body) =>
        client.PostAsync("/predict", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
}
