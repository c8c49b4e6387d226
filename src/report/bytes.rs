//! Sizes for readers.

/// `1.3 GB`, `240 kB`, `17 bytes`: two significant digits at least, decimal units.
pub fn bytes(count: u64) -> String {
    let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let size = count as f64;
    match units.into_iter().find(|(unit, _)| size >= *unit) {
        Some((unit, name)) if size / unit < 9.95 => format!("{:.1} {name}", size / unit),
        Some((unit, name)) => format!("{:.0} {name}", size / unit),
        None => format!("{count} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_have_two_digits() {
        assert_eq!(bytes(17), "17 bytes");
        assert_eq!(bytes(1_340), "1.3 kB");
        assert_eq!(bytes(240_499), "240 kB");
        assert_eq!(bytes(9_960_000_000), "10 GB");
    }
}
