using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>Lloyd's k-means: assign every point to the nearest centroid, move centroids to the mean of their points.</summary>
internal static class KMeans
{
    /// <summary>Centroids [k, d] after at most the given number of iterations; one without points stays where it is.</summary>
    /// <param name="points">[n, d], n at least 1.</param>
    /// <param name="start">[k, d] initial centroids.</param>
    /// <param name="iterations">How often to assign and move.</param>
    internal static Tensor Lloyd(Tensor points, Tensor start, int iterations)
    {
        using var scope = NewDisposeScope();
        var centroids = start;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var members = nn
                .functional.one_hot(cdist(points, centroids).argmin(1), start.size(0))
                .to(points.dtype);
            var counts = members.sum([0L]).unsqueeze(1);
            var means = members.t().mm(points) / counts.clamp_min(1);
            centroids = where(counts.gt(0), means, centroids);
        }
        return centroids.clone().MoveToOuterDisposeScope();
    }
}
