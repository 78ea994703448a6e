namespace CausalDebiasing.Bench.Running

open System
open System.Runtime.InteropServices
open System.Security.Cryptography
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts

/// Hashes of what is known of patients.
module CohortHash =
    /// Adds labels, masks and values.
    let add (hash: IncrementalHash) (cohort: Cohort) =
        hash.AppendData(MemoryMarshal.AsBytes cohort.Labels)
        hash.AppendData(MemoryMarshal.AsBytes cohort.Mask)

        for modality in 0 .. cohort.Modalities.Count - 1 do
            hash.AppendData(MemoryMarshal.AsBytes(cohort.Values modality))

    /// SHA-256, in lower-case hexadecimal, of what a prediction may depend on: masks and values.
    let ofInputs (cohort: Cohort) =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256
        hash.AppendData(MemoryMarshal.AsBytes cohort.Mask)

        for modality in 0 .. cohort.Modalities.Count - 1 do
            hash.AppendData(MemoryMarshal.AsBytes(cohort.Values modality))

        Convert.ToHexStringLower(hash.GetHashAndReset())

    /// SHA-256 in lower-case hexadecimal.
    let ofCohort cohort =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256
        add hash cohort
        Convert.ToHexStringLower(hash.GetHashAndReset())

    /// SHA-256, in lower-case hexadecimal, of all that predictors are given of a study and judged by.
    let ofStudy (study: Study) =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

        for cohort in study.Train :: study.Validation :: [ for test in study.Tests -> test.Cohort ] do
            add hash cohort
            hash.AppendData(MemoryMarshal.AsBytes cohort.Sites)
            hash.AppendData(MemoryMarshal.AsBytes cohort.Patients)

        Convert.ToHexStringLower(hash.GetHashAndReset())
