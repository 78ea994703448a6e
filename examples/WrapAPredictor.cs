#:project ../src/Core.CSharp/CausalDebias.Core.csproj
#:property TargetFramework=net10.0
// Wraps a predictor that is no network: all that it must do is learn from weighted rows. Run it with: dotnet run examples/WrapAPredictor.cs
using CausalDebiasing;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Metrics;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

// One laboratory value that shifts with the outcome, and one that is measured more often in the sick.
var random = new Random(7);
float[] outcome = [.. Enumerable.Range(0, 3000).Select(_ => (float)random.Next(2))];
float[] Shifted() => [.. outcome.Select(y => y + 3 * random.NextSingle())];
var cohort = new Cohort(
    [Modality.Tabular("lactate", 1), Modality.Tabular("troponin", 1)],
    [Shifted(), Shifted()],
    [.. outcome.SelectMany(y => new[] { true, random.NextDouble() < 0.3 + 0.5 * y })],
    outcome,
    sites: [.. Enumerable.Range(0, 3000).Select(i => i % 3)],
    siteNames: ["north", "south", "west"],
    patients: [.. Enumerable.Range(0, 3000).Select(i => (long)i)]
);
var split = PatientSplit.Random(cohort, validationShare: 0.1, testShare: 0.2, new Seed(1));
using var debiased = CausalDebias.Wrap(new NaiveBayes());
debiased.Fit(split.Train, split.Validation, new FitContext { Seed = new Seed(1) });
Console.WriteLine($"AUROC {Auroc.Compute(split.Test.Labels, debiased.PredictProbability(split.Test)):f3}");
using var file = new MemoryStream();
debiased.Save(file);
file.Position = 0;
using var restored = CausalDebias.Wrap(new NaiveBayes());
restored.Load(file);
Console.WriteLine(
    $"AUROC, restored {Auroc.Compute(split.Test.Labels, restored.PredictProbability(split.Test)):f3}"
);

/// <summary>Gaussian naive Bayes on what is observed, one feature a modality.</summary>
internal sealed class NaiveBayes : IPredictor
{
    private const string Kind = "example-naive-bayes";

    // Of each modality: mean without and with the outcome, common variance. The last: log odds of the outcome.
    private double[][]? fitted;

    public string Name => "naive-bayes";

    public void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context);
        double Weight(int row) => context.SampleWeights?[row] ?? 1;
        double Sum(Func<int, bool> isIn, Func<int, double> value) =>
            Enumerable.Range(0, train.Count).Where(isIn).Sum(row => Weight(row) * value(row));
        double Mean(Func<int, bool> isIn, Func<int, double> value) => Sum(isIn, value) / Sum(isIn, _ => 1);
        double[] Modality(int m)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var values = train.Values(m).ToArray();
            double[] means =
            [
                .. new[] { 0f, 1f }.Select(y =>
                    Mean(row => train.IsObserved(row, m) && train.Labels[row] == y, row => values[row])
                ),
            ];
            var variance = Mean(
                row => train.IsObserved(row, m),
                row => Math.Pow(values[row] - means[(int)train.Labels[row]], 2)
            );
            return [.. means, variance];
        }
        var prevalence = Mean(_ => true, row => train.Labels[row]);
        // Assigned once, at the end: a fit that fails leaves what was there.
        fitted =
        [
            .. Enumerable.Range(0, train.Modalities.Count).Select(Modality),
            [Math.Log(prevalence / (1 - prevalence))],
        ];
    }

    public float[] PredictProbability(Cohort cohort)
    {
        var model = FitChecks.RequireFitted(fitted, Name);
        double Logit(int row) =>
            model[^1][0]
            + Enumerable
                .Range(0, model.Length - 1)
                .Where(m => cohort.IsObserved(row, m))
                .Sum(m =>
                {
                    var (without, with, variance) = (model[m][0], model[m][1], model[m][2]);
                    return (with - without) * (cohort.Values(m)[row] - (with + without) / 2) / variance;
                });
        return [.. Enumerable.Range(0, cohort.Count).Select(row => (float)(1 / (1 + Math.Exp(-Logit(row)))))];
    }

    public void Save(Stream destination)
    {
        var model = FitChecks.RequireFitted(fitted, Name);
        SealedContent.Write(
            destination,
            Kind,
            version: 1,
            Name,
            writer =>
            {
                writer.Write(model.Length);
                foreach (var numbers in model)
                {
                    writer.Write(numbers.Length);
                    foreach (var number in numbers)
                        writer.Write(number);
                }
            }
        );
    }

    public void Load(Stream source) =>
        fitted = SealedContent.Read(
            source,
            Kind,
            version: 1,
            Name,
            reader =>
            {
                var model = new double[reader.ReadInt32()][];
                for (var m = 0; m < model.Length; m++)
                    model[m] = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadDouble())];
                return model;
            }
        );

    public void Dispose() { }
}
