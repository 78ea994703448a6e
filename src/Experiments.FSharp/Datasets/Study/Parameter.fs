namespace CausalDebiasing.Bench.Datasets

/// What a parameter's rows mean.
type ParameterKind =
    /// A number in the parameter's unit.
    | Measurement
    /// Charted only while something is going on; its value is always 1.
    | Flag

/// One quantity that is charted over time.
type Parameter = {
    /// As in the files.
    Name: string
    Unit: string
    Kind: ParameterKind
    /// Bounds of what is physiologically possible; a value outside is an artefact and becomes NaN.
    Low: float32
    High: float32
}

module Parameter =
    /// Measurements out of name, unit and plausible range.
    let measured =
        List.map (fun (name, unit, low, high) -> {
            Name = name
            Unit = unit
            Kind = Measurement
            Low = low
            High = high
        })

    let flag name = {
        Name = name
        Unit = ""
        Kind = Flag
        Low = 1f
        High = 1f
    }

    /// The value, or NaN when it is implausible.
    let clean parameter (value: float32) =
        if value >= parameter.Low && value <= parameter.High then
            value
        else
            nanf
