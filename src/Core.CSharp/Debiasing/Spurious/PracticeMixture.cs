using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Hidden practice as a mixture: x | y, e, c, u = m_y + s_e + d_c + L u + noise, u ~ N(0, I), with P(c | y, e) free. The K
/// kinds of practice c shift the scores x by the same d_c in both outcome classes y and at all sites e; sites shift them by s_e
/// in both classes (case mix). Loadings L of r latent states and noise variances are common to all (a mixture of common factor
/// analysers, McLachlan, Bean and Peel 2002), so that rows with missing entries cost no more than complete ones.
/// </summary>
/// <param name="Coefficients">[p, r + 2 + E + K]: loadings, class means, site shifts, kinds' offsets; Float64.</param>
/// <param name="Noise">[p] variances.</param>
/// <param name="Shares">P(c | y, e), [E, 2, K].</param>
/// <param name="Prior">P(c) over all training rows, [K], which an intervention on practice keeps.</param>
/// <param name="Factors">r.</param>
internal sealed record PracticeMixture(
    Tensor Coefficients,
    Tensor Noise,
    Tensor Shares,
    Tensor Prior,
    int Factors
) : IDisposable
{
    /// <summary>Number of sites E.</summary>
    internal int Sites => (int)Shares.size(0);

    /// <summary>Number of kinds K.</summary>
    internal int Kinds => (int)Shares.size(2);

    /// <summary>[p, r].</summary>
    internal Tensor Loadings => Coefficients.narrow(1, 0, Factors);

    /// <summary>[p, K].</summary>
    internal Tensor Offsets => Coefficients.narrow(1, Coefficients.size(1) - Kinds, Kinds);

    /// <summary>[p, p].</summary>
    internal Tensor Covariance => Loadings.mm(Loadings.t()) + diag(Noise);

    /// <summary>Means of all sites, outcomes and kinds, [E * 2 * K, p].</summary>
    internal Tensor Means()
    {
        var classes = Coefficients.narrow(1, Factors, 2).t().view(1, 2, 1, -1);
        var sites = Coefficients.narrow(1, Factors + 2, Sites).t().view(Sites, 1, 1, -1);
        return (sites + classes + Offsets.t().view(1, 1, Kinds, -1)).view(Sites * 2 * Kinds, -1);
    }

    /// <summary>What the means of a kind leave of the recorded values, [n, p].</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="observed">Where they recorded something, [n, p].</param>
    /// <param name="kind">The kind.</param>
    internal Tensor Residual(PracticeRows rows, Tensor observed, int kind) =>
        (rows.Values - Means().view(-1, Kinds, rows.Width).select(1, kind).index_select(0, rows.Groups))
        * observed;

    /// <summary>log P(c | y, e) of every row, [n, K].</summary>
    internal Tensor LogShares(PracticeRows rows) => Shares.view(-1, Kinds).index_select(0, rows.Groups).log();

    /// <summary>
    /// Distance of the two kinds that are furthest apart in the columns with the given positions, d' S^-1 d (Mahalanobis, squared).
    /// </summary>
    internal double Separation(int[] columns)
    {
        using var scope = NewDisposeScope();
        var index = tensor([.. columns.Select(j => (long)j)]);
        var (offsets, covariance) = (
            Offsets.index_select(0, index),
            Covariance.index_select(0, index).index_select(1, index)
        );
        var most = 0.0;
        for (var a = 0; a < Kinds; a++)
        for (var b = 0; b < a; b++)
        {
            var difference = (offsets.select(1, a) - offsets.select(1, b)).unsqueeze(1);
            most = Math.Max(most, (difference * linalg.solve(covariance, difference)).sum().item<double>());
        }
        return most;
    }

    /// <summary>
    /// Share of the difference of two kinds, scaled by the noise, that lies along the latent states; the largest of all pairs.
    /// The halves of a skewed state differ along it.
    /// </summary>
    internal double AlongStates()
    {
        using var scope = NewDisposeScope();
        var scale = Noise.sqrt().unsqueeze(1);
        var (states, _) = linalg.qr(Loadings / scale);
        var most = 0.0;
        for (var a = 0; a < Kinds; a++)
        for (var b = 0; b < a; b++)
        {
            var difference = (Offsets.select(1, a) - Offsets.select(1, b)).unsqueeze(1) / scale;
            var share = states.t().mm(difference).square().sum() / difference.square().sum();
            most = Math.Max(most, share.item<double>());
        }
        return most;
    }

    /// <summary>The same model beyond the current dispose scope.</summary>
    internal PracticeMixture MoveToOuterDisposeScope()
    {
        foreach (var part in Parts)
            part.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>The same model, outliving all dispose scopes until it is disposed.</summary>
    internal PracticeMixture Keep()
    {
        foreach (var part in Parts)
            part.DetachFromDisposeScope();
        return this;
    }

    public void Dispose()
    {
        foreach (var part in Parts)
            part.Dispose();
    }

    private Tensor[] Parts => [Coefficients, Noise, Shares, Prior];
}
