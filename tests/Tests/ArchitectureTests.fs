module CausalDebiasing.Tests.ArchitectureTests

open System
open System.Collections.Generic
open System.IO
open Expecto
open Mono.Cecil
open CausalDebiasing.Bench.Cli

/// A compiled assembly with the folder of its sources.
type private House = { Assembly: string; Sources: string }

let private core = {
    Assembly = "CausalDebias.Core.dll"
    Sources = "src/Core.CSharp"
}

let private suite = {
    Assembly = "CausalDebias.Bench.dll"
    Sources = "src/Experiments.FSharp"
}

let private baselines = {
    Assembly = "CausalDebias.Baselines.dll"
    Sources = "baselines"
}

/// Rooms of the library; each uses only those before it.
let private rooms = [
    "Runtime"
    "Cohorts"
    "Numerics"
    "Metrics"
    "Predictors"
    "Networks"
    "Networks/Encoders"
    "Training"
    "Catalogue"
    "Debiasing/Cost"
    "Debiasing/Spurious"
    "Debiasing/Missingness"
    "Debiasing/Literature"
    "Debiasing/Deployment"
    "Debiasing"
]

let rec private outer (name: TypeReference) =
    if isNull name.DeclaringType then
        name
    else
        outer name.DeclaringType

let rec private withNested (definition: TypeDefinition) : TypeDefinition list =
    definition :: (definition.NestedTypes |> Seq.collect withNested |> List.ofSeq)

/// The source file of a type, by the debugging symbols of its methods; None where it has none, as enumerations.
let private sourceOf (folder: string) (definition: TypeDefinition) =
    let mark = $"/{folder}/"

    seq {
        for own in withNested definition do
            for code in own.Methods do
                if code.HasBody && code.DebugInformation.HasSequencePoints then
                    for point in code.DebugInformation.SequencePoints do
                        let path: string = point.Document.Url.Replace('\\', '/')

                        match path.IndexOf(mark, StringComparison.Ordinal) with
                        | -1 -> ()
                        | at -> path.Substring(at + mark.Length)
    }
    |> Seq.tryFind (fun (path: string) -> not (path.StartsWith "obj/"))

let rec private typesIn (name: TypeReference | null) : string list =
    match name with
    | null -> []
    | :? GenericInstanceType as generic ->
        typesIn generic.ElementType
        @ (generic.GenericArguments |> Seq.collect typesIn |> List.ofSeq)
    | :? TypeSpecification as special -> typesIn special.ElementType
    | :? GenericParameter -> []
    | name -> [ (outer name).FullName ]

let private usedBy (definition: TypeDefinition) = [
    for own in withNested definition do
        yield! typesIn own.BaseType

        for implemented in own.Interfaces do
            yield! typesIn implemented.InterfaceType

        for field in own.Fields do
            yield! typesIn field.FieldType

        for own in own.Methods do
            yield! typesIn own.ReturnType

            for parameter in own.Parameters do
                yield! typesIn parameter.ParameterType

            if own.HasBody then
                for instruction in own.Body.Instructions do
                    match instruction.Operand with
                    | :? GenericInstanceMethod as called ->
                        yield! typesIn called.DeclaringType
                        yield! called.GenericArguments |> Seq.collect typesIn
                    | :? MemberReference as named when not (named :? TypeReference) ->
                        yield! typesIn named.DeclaringType
                    | :? TypeReference as named -> yield! typesIn named
                    | _ -> ()
]

/// Which files use which other ones.
let private files house =
    let path = Path.Combine(AppContext.BaseDirectory, house.Assembly)

    use compiled =
        ModuleDefinition.ReadModule(path, ReaderParameters(ReadSymbols = true))

    let sources =
        dict [
            for own in compiled.Types do
                match sourceOf house.Sources own with
                | Some file -> own.FullName, file
                | None -> ()
        ]

    [
        for own in compiled.Types do
            match sources.TryGetValue own.FullName with
            | true, file ->
                for used in usedBy own do
                    match sources.TryGetValue used with
                    | true, other when other <> file -> file, other
                    | _ -> ()
            | _ -> ()
    ]
    |> List.distinct

let private folder (file: string) =
    (string (Path.GetDirectoryName file)).Replace('\\', '/')

let private folders house =
    files house
    |> List.map (fun (file, other) -> folder file, folder other)
    |> List.filter (fun (own, other) -> own <> other)
    |> List.distinct

/// Everything that can be reached from itself.
let private circles (arrows: (string * string) list) =
    let next = arrows |> List.groupBy fst |> dict

    let reaches start =
        let seen = HashSet<string>()
        let waiting = Stack [ start ]

        while waiting.Count > 0 do
            match next.TryGetValue(waiting.Pop()) with
            | true, ways ->
                for _, other in ways do
                    if seen.Add other then
                        waiting.Push other
            | _ -> ()

        seen.Contains start

    arrows |> List.map fst |> List.distinct |> List.filter reaches

[<Tests>]
let tests =
    testList "architecture" [
        for name, house, least in
            [
                "the library", core, 100
                "the suite", suite, 100
                "the baselines", baselines, 30
            ] do
            testCase $"no files of {name} use each other in circles"
            <| fun () ->
                let arrows = files house
                Expect.isGreaterThan arrows.Length least "symbols were read"
                Expect.isEmpty (circles arrows) "circles"

            testCase $"no folders of {name} use each other in circles"
            <| fun () -> Expect.isEmpty (circles (folders house)) "circles"

        testCase "arrows between the rooms of the library point one way"
        <| fun () ->
            for own, other in folders core do
                let position room =
                    List.tryFindIndex ((=) room) rooms |> Option.defaultValue -1

                Expect.isGreaterThanOrEqual (position own) 0 $"{own} is in the list of rooms"
                Expect.isLessThan (position other) (position own) $"{own} uses {other}"

        testCase "a circle would be found"
        <| fun () ->
            Expect.equal
                (circles [ "a", "b"; "b", "c"; "c", "b"; "d", "a" ])
                [ "b"; "c" ]
                "those in the circle"
    ]
