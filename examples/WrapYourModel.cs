#:project ../src/Core.CSharp/CausalDebias.Core.csproj
#:property TargetFramework=net10.0
// Wraps a network of your own. Run it with: dotnet run examples/WrapYourModel.cs
using CausalDebiasing;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Metrics;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using CausalDebiasing.Training;

var cohort = ExampleCohort.Draw(rows: 3000);
var split = PatientSplit.Random(cohort, validationShare: 0.1, testShare: 0.2, new Seed(1));
var plain = new NeuralPredictor("my-net", context => new MyNet(context));
using var debiased = CausalDebias.Wrap(plain); // the Recommended preset
debiased.Fit(split.Train, split.Validation, new FitContext { Seed = new Seed(1) });
var probability = debiased.PredictProbability(split.Test);
Console.WriteLine($"P(y = 1) of the first patient {probability[0]:f3}");
Console.WriteLine($"AUROC {Auroc.Compute(split.Test.Labels, probability):f3}");
foreach (var (name, value) in debiased.Diagnostics)
    Console.WriteLine($"{name} = {value}");

// Once for the patients to come, by some of them without their outcomes; a patient then gets the same alone and among others.
Console.WriteLine(debiased.DeployTo(split.Test).Reason);
var file = Path.GetTempFileName();
Checkpoint.Save(file, debiased);
using var restored = Checkpoint.Load(file, plain);
var alone = restored.PredictProbability(split.Test.Select([0]))[0];
Console.WriteLine($"P(y = 1) of the first patient, from the file and alone {alone:f3}");
File.Delete(file);

/// <summary>Any network up to its last hidden layer is a backbone; the head and the training loop are the library's.</summary>
internal sealed class MyNet : Backbone
{
    private readonly EncoderBank encoders;

    public MyNet(BackboneContext context)
        : base(nameof(MyNet))
    {
        encoders = new(context.Modalities, width: 32, context.Random);
        RegisterComponents();
    }

    public override int Width => 32;

    public override Representation Represent(Batch batch) => new(encoders.Encode(batch).mean([1L]));
}

/// <summary>Two modalities whose features shift with the outcome; the second is measured more often in the sick.</summary>
internal static class ExampleCohort
{
    internal static Cohort Draw(int rows)
    {
        var random = new Random(7);
        float[] outcome = [.. Enumerable.Range(0, rows).Select(_ => (float)random.Next(2))];
        float[] Block(int width) =>
            [.. Enumerable.Range(0, rows * width).Select(i => outcome[i / width] + 4 * random.NextSingle())];
        bool[] mask =
        [
            .. Enumerable
                .Range(0, 2 * rows)
                .Select(i => i % 2 == 0 || random.NextDouble() < 0.4 + 0.4 * outcome[i / 2]),
        ];
        return new Cohort(
            [Modality.Tabular("vitals", 8), Modality.Tabular("labs", 16)],
            [Block(8), Block(16)],
            mask,
            outcome,
            sites: [.. Enumerable.Range(0, rows).Select(i => i % 3)],
            siteNames: ["north", "south", "west"],
            patients: [.. Enumerable.Range(0, rows).Select(i => (long)i)]
        );
    }
}
