module CausalDebiasing.Tests.TrainedListsTests

open System
open System.IO
open Expecto
open Mono.Cecil

/// What a method calls.
let private calls (code: MethodDefinition) = [
    if code.HasBody then
        for instruction in code.Body.Instructions do
            match instruction.Operand with
            | :? MethodReference as called -> called
            | _ -> ()
]

let private isOf (folder: string) (code: MethodDefinition) =
    code.DeclaringType.FullName.StartsWith $"CausalDebiasing.Tests.{folder}"

let private makesContext (code: MethodDefinition) =
    calls code
    |> List.exists (fun called -> called.Name = ".ctor" && called.DeclaringType.Name = "FitContext")

/// Whether a method fits something, by itself or through what tests share.
let rec private fits (code: MethodDefinition) =
    makesContext code
    || calls code
       |> List.exists (fun called ->
           called.Parameters
           |> Seq.exists (fun parameter -> parameter.ParameterType.Name = "FitContext")
           || match called with
              | :? MethodDefinition as own when own <> code && isOf "Support." own -> fits own
              | _ -> false)

let private callsAny (names: string list) code =
    calls code
    |> List.exists (fun called -> List.contains $"{called.DeclaringType.Name}.{called.Name}" names)

/// The methods of the tests by source file.
let private files =
    lazy
        (let path = Path.Combine(AppContext.BaseDirectory, "CausalDebias.Tests.dll")

         use compiled =
             ModuleDefinition.ReadModule(path, ReaderParameters(ReadSymbols = true))

         [
             for own in compiled.GetTypes() do
                 for code in own.Methods do
                     if code.HasBody && code.DebugInformation.HasSequencePoints then
                         Path.GetFileName(code.DebugInformation.SequencePoints[0].Document.Url), code
         ]
         |> List.groupBy fst
         |> List.map (fun (file, methods) -> string file, List.map snd methods))

let private trained =
    lazy
        (files.Value
         |> List.filter (fun (_, codes) ->
             List.exists fits codes && not (List.exists (isOf "Support.") codes)))

[<Tests>]
let tests =
    testList "trained lists" [
        testCase "every test that fits something is one that 'matrix' runs"
        <| fun () ->
            Expect.isGreaterThan trained.Value.Length 20 "symbols were read"

            trained.Value
            |> List.filter (fun (_, codes) -> not (List.exists (callsAny [ "Trained.tests" ]) codes))
            |> List.map fst
            |> Flip.Expect.isEmpty "files whose tests are to be made by Trained.tests"

        testCase "its seeds are those that 'matrix' shifts, or a cell's"
        <| fun () ->
            files.Value
            |> List.filter (fun (_, codes) ->
                codes
                |> List.exists (fun code ->
                    makesContext code && not (callsAny [ "Toy.seed"; "CellFit.context" ] code)))
            |> List.map fst
            |> Flip.Expect.isEmpty "files whose fits are to take their seeds from Toy.seed"
    ]
