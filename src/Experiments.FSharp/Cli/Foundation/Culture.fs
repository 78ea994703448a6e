/// The language of numbers and dates: the same on every machine.
module CausalDebiasing.Bench.Cli.Culture

open System.Globalization

/// Makes all threads read and write numbers in one way, whatever the machine's language is.
let useInvariant () =
    CultureInfo.CurrentCulture <- CultureInfo.InvariantCulture
    CultureInfo.CurrentUICulture <- CultureInfo.InvariantCulture
    CultureInfo.DefaultThreadCurrentCulture <- CultureInfo.InvariantCulture
    CultureInfo.DefaultThreadCurrentUICulture <- CultureInfo.InvariantCulture
