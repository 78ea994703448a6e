/// Where the suite's own files are.
module CausalDebiasing.Bench.Cli.Repository

open System
open System.IO
open CausalDebiasing.Runtime

/// The folder that holds the solution, if the program was built in a source tree.
let tryRoot () =
    let rec search (folder: DirectoryInfo | null) =
        match folder with
        | null -> None
        | folder when File.Exists(Path.Combine(folder.FullName, "CausalDebias.Bench.sln")) ->
            Some folder.FullName
        | folder -> search folder.Parent

    search (DirectoryInfo AppContext.BaseDirectory)

/// The program of a project in the source tree that was built last. Raises InputException when there is none.
let program (project: string) (assembly: string) =
    let missing () =
        InputException
            $"There is no built {assembly} under {project}: run 'dotnet build -c Release' in the source tree."

    match tryRoot () with
    | None -> raise (missing ())
    | Some root ->
        let output = Path.Combine(root, project, "bin", "Release")

        let built =
            if Directory.Exists output then
                Directory.GetFiles(output, assembly + ".dll", SearchOption.AllDirectories)
            else
                [||]

        if built.Length = 0 then
            raise (missing ())

        built |> Array.maxBy File.GetLastWriteTimeUtc
