/// A small cohort in the form of YAIB, and the eICU tables that go with it.
module CausalDebiasing.Tests.Support.ToyYaib

open System.IO
open CausalDebiasing.Bench.Datasets

let stays = [ 1..20 ]

/// Every variable, absent but for those given.
let private measured (stay: int) (time: int) (values: (string * float) list) =
    let given = Map values

    let cells =
        YaibVariables.all
        |> Array.map (fun variable ->
            match Map.tryFind variable.Name given with
            | Some value -> string value
            | None -> "")

    $"""{stay},{time},{String.concat "," cells}"""

/// Stay 1 has every modality; its heart rates are 80 and 100 (hours 0 and 5), a 0 in between, and 200 after the first day.
/// Stays 2 to 19 have vitals, stay 20 has none.
let dynamic unit = [
    yield $"""stay_id,time,{YaibVariables.all |> Array.map _.Name |> String.concat ","}"""

    yield
        measured 1 (5 * unit) [
            "hr", 100.
            "na", 140.
            "hgb", 10.
            "ph", 7.3
            "lact", 2.
            "alb", 3.
            "ptt", 30.
            "ck", 100.
            "urine", 50.
        ]

    yield measured 1 0 [ "hr", 80. ]
    yield measured 1 (3 * unit) [ "hr", 0. ]
    yield measured 1 (24 * unit) [ "hr", 200. ]

    for stay in 2..19 do
        yield measured stay unit [ "hr", float (60 + stay) ]
]

let statics = [
    yield "stay_id,age,sex,height,weight"
    for stay in stays do
        yield $"""{stay},{40 + stay},{(if stay % 2 = 0 then "Female" else "Male")},170,70"""
]

let outcomes = "stay_id,label" :: [ for stay in stays -> $"{stay},{stay % 2}" ]

/// Stays 2k - 1 and 2k are of one patient; stay 7's outcome is unknown.
let patients = [
    yield "patientunitstayid,uniquepid,hospitalid,hospitaldischargestatus"
    for stay in stays do
        let status =
            if stay = 7 then ""
            elif stay % 4 < 2 then "Alive"
            else "Expired"

        yield $"{stay},p{(stay + 1) / 2},{10 + (stay + 1) / 2 % 3},{status}"
]

let hospitals = [ "hospitalid,region"; "10,West"; "11,South"; "12," ]

/// Writes the cohort and the tables under the root.
let write root dynamic statics outcomes patients =
    let put folder (file: string) (rows: string list) =
        let folder = Directory.CreateDirectory(Path.Combine(root, folder)).FullName
        let path = Path.Combine(folder, file)
        let text = String.concat "\n" rows + "\n"

        if file.EndsWith ".gz" then
            ToyManifest.compress path text
        else
            File.WriteAllText(path, text)

    put "eicu-demo-yaib" "dyn.csv" dynamic
    put "eicu-demo-yaib" "sta.csv" statics
    put "eicu-demo-yaib" "outc.csv" outcomes
    put "eicu-demo" "patient.csv.gz" patients
    put "eicu-demo" "hospital.csv.gz" hospitals
