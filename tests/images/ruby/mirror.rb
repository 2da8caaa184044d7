# Where rubygems.org cannot be reached: makes a mirror of it, for Bundler, of the gems in the locks of generated
# projects as Debian has them. Runs as root, in a root file system of Debian.
require "fileutils"
require "net/http"
require "rubygems/package"
require "tmpdir"
require "zlib"

MIRROR = "/usr/local/share/gems".freeze
# Each with Debian's suite that has it as the locks want it. Puma and nio4r are compiled, for Ruby 3.3; the others are Ruby
# alone, so any Ruby takes them.
PACKAGES = %w[
  puma/forky ruby-concurrent/forky ruby-faker/forky ruby-i18n/forky ruby-nio4r/forky ruby-rack/forky ruby-roda/sid
].freeze

def reachable?
  Net::HTTP.get_response(URI("https://rubygems.org/info/faker")).is_a?(Net::HTTPSuccess)
rescue SystemCallError, SocketError, OpenSSL::SSL::SSLError, Timeout::Error
  false
end

# Debian's packages, unpacked below the current folder; apt and dpkg of the system do not learn of them.
def unpack(packages)
  FileUtils.mkdir_p(%w[lists/partial archives/partial])
  suites = packages.map { |package| package.split("/").last }.uniq
  File.write("sources.list", suites.map { |suite| "deb http://deb.debian.org/debian #{suite} main\n" }.join)
  options = { "Dir::Etc::SourceList" => "sources.list", "Dir::State::Lists" => "lists" }
            .map { |key, path| "--option=#{key}=#{File.expand_path(path)}" }
  # A mirror of Debian may stand still.
  options += %w[--option=Dir::Etc::SourceParts=- --option=Acquire::Check-Valid-Until=false
                --option=APT::Sandbox::User=root -qq]
  system("apt-get", *options, "update", exception: true)
  system("apt-get", *options, "download", *packages, exception: true)
  Dir["*.deb"].each { |file| system("dpkg", "--extract", file, "unpacked", exception: true) }
end

# Builds the gem of a specification again, of the files that are installed, into the mirror.
def build(specification)
  spec = Gem::Specification.load(specification)
  Dir.chdir(File.expand_path("../../gems/#{spec.full_name}", specification)) do
    # As a gem for one platform has what is compiled of it.
    FileUtils.cp_r(Dir["../../extensions/*/*/#{spec.full_name}/*"], "lib")
    spec.extensions = []
    spec.files = Dir["**/*"].select { |path| File.file?(path) }
    # Debian keeps most programs elsewhere.
    spec.executables = spec.executables.select { |name| File.file?("#{spec.bindir}/#{name}") }
    FileUtils.mv(Gem::Package.build(spec, true), "#{MIRROR}/gems")
  end
  spec
end

def index(specs)
  names = specs.map { |spec| [spec.name, spec.version, "ruby"] }
  { "specs" => names, "latest_specs" => names, "prerelease_specs" => [] }.each do |name, rows|
    Zlib::GzipWriter.open("#{MIRROR}/#{name}.4.8.gz") { |file| file.write(Marshal.dump(rows)) }
  end
  specs.each do |spec|
    File.binwrite("#{MIRROR}/quick/Marshal.4.8/#{spec.full_name}.gemspec.rz", Zlib.deflate(Marshal.dump(spec)))
  end
end

exit if reachable?
FileUtils.rm_rf(MIRROR)
FileUtils.mkdir_p(["#{MIRROR}/gems", "#{MIRROR}/quick/Marshal.4.8"])
Dir.mktmpdir do |folder|
  Dir.chdir(folder) do
    unpack(PACKAGES)
    specifications = Dir["unpacked/usr/{share,lib/*}/rubygems-integration/*/specifications/*.gemspec"]
    index(specifications.map { |path| build(File.expand_path(path)) })
  end
end
system("bundle", "config", "set", "--global", "mirror.https://rubygems.org", "file://#{MIRROR}", exception: true)
