namespace CausalDebiasing.Bench.Datasets

/// A feature column while its rows are read.
[<AbstractClass>]
type ManifestFeature() =
    /// Takes the next row's cell. Raises InputException.
    abstract Add: place: CellPlace * cell: (string | null) -> unit

    abstract IsObserved: row: int -> bool

    /// Features per row, known when all rows are read.
    abstract Width: int

    /// The row's features, all NaN where missing.
    abstract Features: row: int -> float32[]
