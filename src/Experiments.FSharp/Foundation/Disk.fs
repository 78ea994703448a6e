namespace CausalDebiasing.Bench.Foundation

open System
open System.Data.Common
open System.IO

/// What a failure of reading or writing means.
module Disk =
    /// No space left, or a quota used up: errno 28 and 122, on Windows the errors 39 and 112.
    let private full = set [ 28; 39; 112; 122 ]

    /// Whether there was no room for what was to be written.
    let isFull (failure: exn) =
        match failure with
        | :? IOException -> full.Contains(failure.HResult &&& 0xffff)
        // DuckDB says so in words only.
        | :? DbException -> failure.Message.Contains("No space left", StringComparison.Ordinal)
        | _ -> false
