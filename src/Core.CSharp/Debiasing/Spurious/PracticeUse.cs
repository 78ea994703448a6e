namespace CausalDebiasing.Debiasing;

/// <summary>Whether hidden practice is looked for, and when what it tells of the outcome is taken out.</summary>
public enum PracticeUse
{
    /// <summary>Not looked for.</summary>
    None,

    /// <summary>
    /// Taken out where all evidence is there: kinds that held-out rows support, that shift several modalities alike at every
    /// site, that no column records, and whose relation with the outcome differs by site.
    /// </summary>
    WhereEvident,

    /// <summary>As above, but where sites are not known practice is assumed to be spurious: a cause may be lost.</summary>
    Assumed,

    /// <summary>Taken out whenever a mixture is found, whatever speaks against it: to measure what the evidence is worth.</summary>
    Forced,
}
