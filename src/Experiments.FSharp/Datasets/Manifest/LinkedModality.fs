namespace CausalDebiasing.Bench.Datasets

/// Modalities that have files of their own.
module LinkedModality =
    /// The modality of the file under `path`. Raises InputException when the file does not hold what the manifest says.
    let read where manifest table path name (linked: LinkedTable) : ModalityBlock =
        match LinkedTable.content where name linked with
        | Rows -> LinkedVectors.ofArray table path linked name
        | Vectors column -> LinkedVectors.ofTable where manifest table path linked column name
        | Codes column -> LinkedCodes.read where manifest table path linked column name
        | Series(time, what, value, steps, step) ->
            LinkedSeries.read where manifest table path linked (time, what, value) steps step name
