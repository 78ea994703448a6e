using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>The sites that are compared: those with rows enough, and all others as one.</summary>
internal sealed class ComparedSites
{
    private const int MostSites = 12;

    /// <summary>Rows of either outcome below which a site is one of the others.</summary>
    private const int LeastRows = 10;

    private readonly Dictionary<string, int> numbers;

    private ComparedSites(Dictionary<string, int> numbers, bool hasOthers) =>
        (this.numbers, Count) = (numbers, numbers.Count + (hasOthers ? 1 : 0));

    /// <summary>Number of sites, the others among them.</summary>
    internal int Count { get; }

    /// <summary>Of training and validation rows.</summary>
    internal static ComparedSites Of(Cohort train, Cohort validation)
    {
        var rows = Rows(train).Concat(Rows(validation)).ToArray();
        var large = rows.GroupBy(row => row.Site)
            .Select(site =>
                (
                    Name: site.Key,
                    Fewer: Math.Min(site.Count(row => row.Event), site.Count(row => !row.Event)),
                    All: site.Count()
                )
            )
            .Where(site => site.Fewer >= LeastRows)
            .OrderByDescending(site => site.All)
            .ThenBy(site => site.Name, StringComparer.Ordinal)
            .Take(MostSites)
            .Select((site, number) => (site.Name, number))
            .ToDictionary();
        return new(large, rows.Any(row => !large.ContainsKey(row.Site)));
    }

    /// <summary>n numbers, from 0.</summary>
    internal int[] Of(Cohort cohort) =>
        [
            .. Rows(cohort)
                .Select(row => numbers.TryGetValue(row.Site, out var number) ? number : numbers.Count),
        ];

    private static IEnumerable<(string Site, bool Event)> Rows(Cohort cohort) =>
        Enumerable
            .Range(0, cohort.Count)
            .Select(row => (cohort.SiteNames[cohort.Sites[row]], cohort.Labels[row] > 0));
}
