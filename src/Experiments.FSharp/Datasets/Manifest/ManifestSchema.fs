namespace CausalDebiasing.Bench.Datasets

open System.IO
open System.Reflection

/// The JSON schema (draft 2020-12) of what people write of their data: manifests of tables and descriptions of MEDS and OMOP folders.
module ManifestSchema =
    /// What editors find it by, beside the manifest.
    let fileName = "manifest.schema.json"

    let text =
        lazy
            (use reader =
                new StreamReader(nonNull (Assembly.GetExecutingAssembly().GetManifestResourceStream fileName))

             reader.ReadToEnd())
