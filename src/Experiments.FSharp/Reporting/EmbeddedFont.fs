namespace CausalDebiasing.Bench.Reporting

open System.Reflection
open ScottPlot
open SkiaSharp

/// The font of all figures, part of the program: text appears also where no font and no fontconfig is installed, and
/// looks the same everywhere.
module EmbeddedFont =
    let private family = "DejaVu Sans"

    let private load resource =
        use stream = Assembly.GetExecutingAssembly().GetManifestResourceStream resource
        SKTypeface.FromStream stream

    let private regular = lazy load "DejaVuSans.ttf"
    let private bold = lazy load "DejaVuSans-Bold.ttf"

    let private resolver = {
        new IFontResolver with
            member _.CreateTypeface(_, weight: FontWeight, _: FontSlant, _: FontSpacing) =
                if weight >= FontWeight.SemiBold then
                    bold.Value
                else
                    regular.Value

            member _.CreateTypeface(_, isBold: bool, _: bool) =
                if isBold then bold.Value else regular.Value
    }

    let private registration =
        lazy
            (Fonts.FontResolvers.Clear()
             Fonts.FontResolvers.Add resolver
             Fonts.Default <- family
             Fonts.Sans <- family)

    /// Makes every plot of this process use the font; safe to call again.
    let register () = registration.Force()
