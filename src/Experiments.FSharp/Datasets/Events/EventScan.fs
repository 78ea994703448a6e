namespace CausalDebiasing.Bench.Datasets

open System

/// A parameter and the items of a table that measure it: the item as an SQL literal, and shift and factor from its
/// value to the parameter's unit, (value - shift) * factor.
type MeasuredParameter = {
    Parameter: Parameter
    Items: (string * float * float) list
}

/// What a table's events become.
type EventContent =
    /// One modality of codes: an SQL expression of the code, and how many different ones a row keeps (the earliest).
    | Codes of modality: string * code: string * slots: int
    /// Modalities of measurements: SQL expressions of item and value, and the parameters of each modality.
    | Measurements of item: string * value: string * modalities: (string * MeasuredParameter list) list

/// One pass over one table of events. SQL expressions name the table's columns by `e` and the cohort's by `r`: `key`,
/// `subject`, `opened` and `closes` (times of admission and of prediction).
type EventScan = {
    Table: ClinicalTable
    /// From the SQL of the table to that of its events; mostly `id`.
    Reshape: string -> string
    /// Condition that joins an event to a row of the cohort.
    Join: string
    /// Condition that the event was known by the prediction time.
    Known: string
    /// Minutes from admission to the event.
    Minute: string
    Content: EventContent
}

module EventScan =
    /// The modalities that it gives.
    let modalities scan =
        match scan.Content with
        | Codes(name, _, _) -> [ name ]
        | Measurements(_, _, modalities) -> List.map fst modalities

    /// Parameters measured under one item each, whose name is the item: name, unit and plausible range.
    let byName parameters = [
        for parameter in Parameter.measured parameters ->
            {
                Parameter = parameter
                Items = [ TableFile.literal parameter.Name, 0., 1. ]
            }
    ]

    /// A parameter that several items measure in one unit.
    let parameter name unit' low high (items: string list) = {
        Parameter = List.head (Parameter.measured [ name, unit', low, high ])
        Items = items |> List.map (fun item -> item, 0., 1.)
    }

    /// Columns of numbers as rows of `item` and `value`, the missing ones left out.
    let unpivot columns table =
        let listed = columns |> List.map TableFile.identifier |> String.concat ", "
        $"(UNPIVOT {table} ON {listed} INTO NAME item VALUE value)"

    let private table scan path =
        scan.Reshape(ClinicalTable.source path scan.Table)

    /// SQL of row, code and the code's place (from 1) among the row's: by the minute of its first event, then by hash,
    /// which keeps the same codes in every row that has more than fit.
    let codes scan path code slots =
        $"""
        SELECT row, code, row_number() OVER (PARTITION BY row ORDER BY minute, md5(code)) AS place
        FROM (
            SELECT r.row, {code} AS code, min({scan.Minute}) AS minute
            FROM {table scan path} e JOIN cohort r ON {scan.Join}
            WHERE {scan.Known} AND {code} IS NOT NULL AND {code} <> ''
            GROUP BY r.row, code)
        QUALIFY place <= {slots}"""

    /// Values are summed as whole multiples of 1 / `resolution`, so that the sum does not depend on the order.
    let resolution = 10000.

    /// Minute and value in one number that is ordered by both.
    let private packing = 1L <<< 40

    /// The value of a packed number.
    let unpack (packed: int64) =
        let half = packing / 2L
        let minute = (packed + half) >>> 40
        float32 (float (packed - minute * packing) / resolution)

    /// SQL of row, parameter (by position), number of values with and without a plausible value, first and last value
    /// packed with the minute, minimum, maximum and mean.
    let measurements scan path item value (parameters: MeasuredParameter list) =
        let number (x: float) =
            x.ToString("R", Globalization.CultureInfo.InvariantCulture) + "::DOUBLE"

        let rows =
            [
                for i, measured in List.indexed parameters do
                    for literal, shift, factor in measured.Items do
                        let low, high = float measured.Parameter.Low, float measured.Parameter.High

                        $"({literal}, {i}, {number low}, {number high}, {number shift}, {number factor})"
            ]
            |> String.concat ", "

        $"""
        WITH parameters(item, parameter, low, high, shift, factor) AS (VALUES {rows}),
        converted AS (
            SELECT r.row, p.parameter, p.low, p.high, ({value} - p.shift) * p.factor AS x,
                CAST({scan.Minute} AS BIGINT) AS minute
            FROM {table scan path} e
            JOIN parameters p ON {item} = p.item
            JOIN cohort r ON {scan.Join}
            WHERE {scan.Known} AND {value} IS NOT NULL),
        cleaned AS (
            SELECT row, parameter, minute, CASE WHEN x >= low AND x <= high THEN x END AS v,
                CAST(round(v * {resolution}) AS BIGINT) AS q, minute * {packing} + q AS k
            FROM converted)
        SELECT row, parameter, count(v), count(*) - count(v), min(k), max(k),
            CAST(min(v) AS FLOAT), CAST(max(v) AS FLOAT), CAST(sum(q) AS DOUBLE) / {resolution} / count(v)
        FROM cleaned GROUP BY row, parameter"""
