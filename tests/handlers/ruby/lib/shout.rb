module Shout
  def self.loudly(text)
    "#{text}!".upcase
  end
end
