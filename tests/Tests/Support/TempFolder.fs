module CausalDebiasing.Tests.Support.TempFolder

open System.IO

/// Runs a function with the path of an empty folder that is deleted afterwards.
let withFolder (body: string -> 'a) =
    let folder = Directory.CreateTempSubdirectory("causal-debias-").FullName

    try
        body folder
    finally
        Directory.Delete(folder, recursive = true)
