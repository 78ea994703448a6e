namespace CausalDebiasing.Bench.Results

open System
open System.IO
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime

/// The output folder of a run: cells/, cache/, plan.json, environment.json and what the report writes.
module RunFolder =
    let cells folder = Path.Combine(folder, "cells")
    let cache folder = Path.Combine(folder, "cache")
    let plan folder = Path.Combine(folder, "plan.json")

    /// Where programs of baselines work, in the run's cache: these files may hold patients' values, and stay no longer than they
    /// must.
    let working cache = Path.Combine(cache, "working")

    let private removeWorking folder =
        let working = working (cache folder)

        if Directory.Exists working then
            Directory.Delete(working, recursive = true)

    /// What a killed process was writing.
    let private removeLeftovers folder =
        removeWorking folder

        for file in Directory.GetFiles(folder, AtomicFile.leftovers, SearchOption.AllDirectories) do
            File.Delete file

    /// Gives the folder back; what cannot be removed now is removed by the next run.
    let private release folder (taken: FileStream) =
        try
            removeWorking folder
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

        taken.Dispose()

    /// Does what writes to a folder. Raises InputException when it cannot be written, and lets a full disk be told as such.
    let private writingTo folder (action: unit -> 'a) =
        let refuse (reason: exn) =
            raise (
                InputException
                    $"Cannot write to '{folder}' (--out): {reason.Message} Choose a folder you may write to."
            )

        try
            action ()
        with
        | :? IOException as reason when not (Disk.isFull reason) -> refuse reason
        | :? UnauthorizedAccessException as reason -> refuse reason

    let private probe folder =
        Directory.CreateDirectory folder |> ignore
        let probe = Path.Combine(folder, $"probe-{Path.GetRandomFileName()}")
        AtomicFile.writeText probe ""
        File.Delete probe

    /// Creates a folder for what will be written later. Raises InputException when it cannot be written.
    let make folder =
        writingTo folder (fun () -> probe folder)

    /// Creates the folder and locks it for this process until disposed. Raises InputException when it cannot be written or another
    /// run has it.
    let private lockFor (folder: string) (prepare: unit -> unit) : FileStream =
        let lock = Path.Combine(folder, "run.lock")

        writingTo folder (fun () ->
            Directory.CreateDirectory(cache folder) |> ignore
            probe (cells folder)
            let isNew = not (File.Exists lock)

            let taken =
                try
                    new FileStream(lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
                with :? IOException when not isNew ->
                    raise (
                        InputException
                            $"Another run is using '{folder}' (--out): wait for it to end or choose another folder."
                    )

            try
                prepare ()
            with _ ->
                taken.Dispose()
                reraise ()

            taken)

    /// Creates the folder and takes it for this process until disposed; the operating system gives it back if
    /// the process is killed. What killed processes left is removed. Raises InputException when it cannot be written or another
    /// run has it.
    let take folder : IDisposable =
        let taken = lockFor folder (fun () -> removeLeftovers folder)

        {
            new IDisposable with
                member _.Dispose() = release folder taken
        }

    /// As `take`, beside tasks on other machines that write results: nothing of theirs is removed.
    let share folder : IDisposable = lockFor folder ignore
