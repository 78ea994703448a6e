namespace CausalDebiasing.Bench.Running

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Threading
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results

/// What a worker process does all its life.
module WorkerLoop =
    /// Ends this process and the programs that it has started at once, without waiting for native code that is at work.
    let die () =
        ChildProcesses.killAll ()
        Process.GetCurrentProcess().Kill()

    /// Computes the cells that arrive as lines of JSON on `input`, one at a time, and answers on `output`. Ends
    /// when `input` ends; if that happens in the middle of a cell, the coordinator is gone and `orphaned` is
    /// called from another thread.
    let run orphaned (runCell: WorkItem -> CellResult) (input: TextReader) (output: TextWriter) =
        use items = new BlockingCollection<WorkItem>()
        use busy = new ManualResetEventSlim()

        let read () =
            let mutable line = input.ReadLine()

            while not (isNull line) do
                items.Add(Json.read (nonNull line))
                line <- input.ReadLine()

            items.CompleteAdding()

            if busy.IsSet then
                orphaned ()

        let reader = Thread(read, IsBackground = true)
        reader.Start()
        output.WriteLine WorkerProtocol.ready
        output.Flush()

        for item in items.GetConsumingEnumerable() do
            busy.Set()
            let result = runCell item
            busy.Reset()
            output.WriteLine(WorkerProtocol.reply result)
            output.Flush()
            // Native tensor memory is invisible to the collector, so it would not run by itself.
            GC.Collect()
