/// A cohort's card in Croissant 1.0 (Akhtar and others, NeurIPS 2024), with terms of its vocabulary for responsible AI: JSON-LD that programs
/// read. It holds the aggregates of the card, as tables within the file, and no row of the data.
module CausalDebiasing.Bench.Datasets.Croissant

open System
open System.Collections.Generic
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes

let private text (content: string) : JsonNode | null = JsonValue.Create content

let private object (members: (string * (JsonNode | null)) list) : JsonNode | null =
    JsonObject(members |> List.map KeyValuePair)

let private array (items: (JsonNode | null) list) : JsonNode | null = JsonArray(Array.ofList items)

let private layout =
    JsonSerializerOptions(WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

/// Terms of the format that stand for those of its own namespace.
let private terms = [
    "citeAs"
    "column"
    "extract"
    "field"
    "fileProperty"
    "fileObject"
    "fileSet"
    "format"
    "includes"
    "isLiveDataset"
    "jsonPath"
    "key"
    "md5"
    "parentField"
    "path"
    "recordSet"
    "references"
    "regex"
    "repeated"
    "replace"
    "separator"
    "source"
    "subField"
    "transform"
]

let private context () =
    object [
        "@language", text "en"
        "@vocab", text "https://schema.org/"
        "sc", text "https://schema.org/"
        "cr", text "http://mlcommons.org/croissant/"
        "rai", text "http://mlcommons.org/croissant/RAI/"
        "dct", text "http://purl.org/dc/terms/"
        "conformsTo", text "dct:conformsTo"
        "data", object [ "@id", text "cr:data"; "@type", text "@json" ]
        "examples", object [ "@id", text "cr:examples"; "@type", text "@json" ]
        "dataType", object [ "@id", text "cr:dataType"; "@type", text "@vocab" ]
        for term in terms do
            term, text $"cr:{term}"
    ]

/// A cell of a table within the file; what is not published is null.
type private Cell =
    | Name of string
    | Count of int
    | Share of float

let private typeOf =
    function
    | Name _ -> "sc:Text"
    | Count _ -> "sc:Integer"
    | Share _ -> "sc:Float"

let private node cell : JsonNode | null =
    match cell with
    | Name name -> text name
    | Count count -> JsonValue.Create count
    | Share share when Double.IsNaN share -> null
    | Share share -> JsonValue.Create share

let private table (name: string) (about: string) (fields: (string * string) list) (rows: Cell list list) =
    let id field = $"{name}/{field}"

    object [
        "@type", text "cr:RecordSet"
        "@id", text name
        "name", text name
        "description", text about
        "field",
        array [
            for (field, meaning), cell in List.zip fields rows.Head ->
                object [
                    "@type", text "cr:Field"
                    "@id", text (id field)
                    "name", text field
                    "description", text meaning
                    "dataType", text (typeOf cell)
                ]
        ]
        "data",
        array [
            for row in rows -> object [ for (field, _), cell in List.zip fields row -> id field, node cell ]
        ]
    ]

/// A table of groups of patients, each by its name.
let private groups name about (key: string) meaning (rows: (string * int * int * float) list) =
    table name about [
        key, meaning
        "patients", "number of patients"
        "rows", "number of rows"
        "events", "share of rows with the event; null where few"
    ] [
        for own, patients, rows, share in rows -> [ Name own; Count patients; Count rows; Share share ]
    ]

let private sites (card: CohortCard) =
    groups
        "sites"
        "Sites with their patients and share of events; small ones are taken together."
        "site"
        "name of the site"
        [ for own in card.Sites -> own.Site, own.Patients, own.Rows, own.Prevalence ]

let private parts (card: CohortCard) =
    groups
        "parts"
        "Parts of the division that has no further option, with seed 1."
        "part"
        "training, validation or test"
        [ for own in card.Parts -> own.Part, own.Patients, own.Rows, own.Prevalence ]

let private modalities (card: CohortCard) =
    table "modalities" "What is measured or missing together." [
        "modality", "name of the modality"
        "missing", "share of rows without it"
        "events_if_observed", "share of events among rows with it; null where few"
        "events_if_missing", "share of events among rows without it; null where few"
    ] [
        for own in card.Modalities ->
            [
                Name own.Modality
                Share own.MissingRate
                Share own.PrevalenceObserved
                Share own.PrevalenceMissing
            ]
    ]

let private number (auroc: float) =
    auroc.ToString("F3", Globalization.CultureInfo.InvariantCulture)

let private exclusions (card: CohortCard) =
    match card.Exclusions |> List.filter (fun own -> own.Rows > 0) with
    | [] -> "No row was left out."
    | steps ->
        steps
        |> List.map (fun own -> $"{own.Rows} rows left out: {own.Reason}.")
        |> String.concat " "

/// The card, which should be what `CohortCard.publish` gives, as JSON. `source` is where the data come from; without it there is no address.
let ofCard (title: string) (licence: string) (source: string option) (card: CohortCard) =
    let document =
        object [
            "@context", context ()
            "@type", text "sc:Dataset"
            "name", text card.Dataset
            "description",
            text
                $"{title}. {card.Rows} rows of {card.Patients} patients, {card.Events} with the event. Aggregates only: the data are where the address says."
            "conformsTo",
            array [
                text "http://mlcommons.org/croissant/1.0"
                text "http://mlcommons.org/croissant/RAI/1.0"
            ]
            "license", text licence
            match source with
            | Some address -> "url", text address
            | None -> ()
            "rai:dataPreprocessingProtocol",
            text $"{exclusions card} {card.ImplausibleValues} implausible values were set missing."
            "rai:dataCollectionMissingData",
            text
                $"The missingness pattern alone tells the outcome with AUROC {number card.MaskAuroc}; the record set 'modalities' has the rates."
            "rai:dataBiases",
            text
                "Who gets measured, and how sites record, may depend on the patient and on the outcome; the record sets 'sites' and 'modalities' show how the share of events differs."
            "rai:personalSensitiveInformation",
            text "Health data of people; this file has no value of a patient."
            "recordSet", array [ sites card; parts card; modalities card ]
        ]

    (nonNull document).ToJsonString layout + "\n"
