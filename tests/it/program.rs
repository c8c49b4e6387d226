//! The program as users run it, in a folder of its own.

use std::path::Path;
use std::process::{Command, Stdio};

/// A scenario that takes a fraction of a second: 200 people, three topics, two replicates, one arm.
pub const TINY: &str = r#"schema = 1
name = "tiny"

[population]
users = 200
represents = 4_000
activity_median = 20
activity_sigma = 0.3

[catalogue]
topics = "none"
impressions_per_post = 40
depth_days = 4

[[topic]]
id = "calm"
label = { en = "Calm", de = "Ruhe" }
share = 0.5

[[topic]]
id = "loud"
label = { en = "Loud", de = "Laut" }
share = 0.3

[[topic]]
id = "rare"
label = { en = "Rare", de = "Selten" }
share = 0.2

[time]
burn_in_days = 1
days = 2
epochs_per_day = 2

[feed]
no_repeat_epochs = 2

[[arm]]
name = "half"

[[arm.tilt]]
kind = "score"
topic = "rare"
multiply = 0.5

[replicates]
count = 2
"#;

/// What a command said.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A folder in which commands run.
pub struct Program {
    folder: tempfile::TempDir,
    environment: Vec<(&'static str, &'static str)>,
}

impl Program {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder can be made"), environment: Vec::new() }
    }

    /// A folder with `tiny.toml`.
    pub fn tiny() -> Self {
        let program = Self::new();
        program.write("tiny.toml", TINY);
        program
    }

    /// With an environment variable.
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("the folder can be made");
        std::fs::write(path, content).expect("the file can be written");
    }

    pub fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("the file is text")
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    /// Names in a folder, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path().join(folder)).expect("the folder is there");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The command, ready to run, with nothing of the caller's terminal.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_feedtilt"));
        command.args(arguments.split_whitespace()).current_dir(self.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "RAYON_NUM_THREADS"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().copied());
        command
    }

    /// Runs a command; arguments are split at blanks.
    pub fn run(&self, arguments: &str) -> Said {
        let output = self.command(arguments).output().expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes text");
        Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Runs a command that must succeed.
    pub fn done(&self, arguments: &str) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, Some(0), "{arguments}: {}", said.err);
        said
    }

    /// Runs a command that must fail with this code and say exactly this on standard error, and nothing else.
    pub fn fails(&self, arguments: &str, code: i32, message: &str) {
        let said = self.run(arguments);
        let expected = Said { code: Some(code), out: String::new(), err: format!("{message}\n") };
        assert_eq!(said, expected, "{arguments}");
    }
}
